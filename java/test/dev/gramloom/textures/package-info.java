/**
 * Draws the example textures in {@code textures/}: pictures that stand in for photographs of
 * materials in the README, the tests and the benchmarks. Test sources, never part of the jar.
 *
 * <p>Lengths are output pixels, colours sRGB-encoded 0..1 unless said otherwise. Everything that
 * reaches the bytes uses {@code + - * / sqrt} and {@link StrictMath} only, so that every JDK draws
 * the same pixels.
 */
package dev.gramloom.textures;
