package dev.gramloom.cli.batch;

import dev.gramloom.image.Image;

/**
 * What a job has made, for a look at it.
 *
 * @param input the picture that it is about, as the job saw it
 * @param picture the output
 * @param before whether it lay there already, made by an earlier run of the same job
 */
public record Made(Image input, Image picture, boolean before) {}
