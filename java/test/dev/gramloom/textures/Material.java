package dev.gramloom.textures;

import java.awt.image.BufferedImage;

/** A material that draws itself: always the same 512 x 512 picture. */
@FunctionalInterface
interface Material {
  BufferedImage draw();
}
