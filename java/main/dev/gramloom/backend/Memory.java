package dev.gramloom.backend;

/**
 * What a run needs of a machine's memory and what it may use.
 *
 * @param needed MiB, all that is held at the same time
 * @param allowed MiB
 */
public record Memory(long needed, long allowed) {}
