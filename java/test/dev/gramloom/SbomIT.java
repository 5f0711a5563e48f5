package dev.gramloom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** The jar tells what it is made of, CycloneDX, the same in every build. */
class SbomIT {
  private static final String PLACE = "META-INF/sbom/gramloom.cdx.json";

  private static JsonObject bom(ZipFile jar) throws IOException {
    try (Reader in =
        new InputStreamReader(jar.getInputStream(jar.getEntry(PLACE)), StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(in).getAsJsonObject();
    }
  }

  @Test
  void namesWhatIsInTheJarAndNothingElse() throws IOException {
    try (ZipFile jar = new ZipFile(System.getProperty("gramloom.jar"))) {
      JsonObject bom = bom(jar);
      assertEquals("CycloneDX", bom.get("bomFormat").getAsString());
      Set<String> parts = new HashSet<>();
      for (JsonElement element : bom.getAsJsonArray("components")) {
        JsonObject part = element.getAsJsonObject();
        parts.add(part.get("group").getAsString() + ":" + part.get("name").getAsString());
        assertFalse(part.get("version").getAsString().isEmpty(), part::toString);
        assertFalse(part.getAsJsonArray("licenses").isEmpty(), part::toString);
        assertTrue(part.get("hashes").toString().contains("SHA-256"), part::toString);
      }
      assertEquals(
          Set.of(
              "info.picocli:picocli",
              "com.google.code.gson:gson",
              "io.jhdf:jhdf",
              "org.apache.commons:commons-lang3",
              "org.slf4j:slf4j-api",
              "org.slf4j:slf4j-nop",
              "org.lwjgl:lwjgl",
              "org.lwjgl:lwjgl-stb",
              "org.jcuda:jcuda",
              "org.jcuda:jcuda-natives",
              "org.jcuda:jcublas",
              "org.jcuda:jcublas-natives",
              "org.jcuda:jcudnn",
              "org.jcuda:jcudnn-natives",
              "org.jsoup:jsoup"),
          parts);
      Set<String> roots = new HashSet<>();
      jar.stream()
          .filter(entry -> entry.getName().endsWith(".class"))
          .filter(entry -> !entry.getName().startsWith("META-INF/"))
          .map(entry -> entry.getName().replaceFirst("/[^/]*$", "")) // its package
          .forEach(name -> roots.add(name.replaceFirst("^(\\w+/\\w+)/.*", "$1")));
      assertEquals(
          Set.of(
              "dev/gramloom",
              "picocli",
              "com/google",
              "io/jhdf",
              "org/apache",
              "org/slf4j",
              "org/lwjgl",
              "org/jsoup",
              "jcuda",
              "jcuda/driver",
              "jcuda/jcublas",
              "jcuda/jcudnn",
              "jcuda/runtime"),
          roots);
    }
  }

  @Test
  void holdsNothingThatChangesFromBuildToBuild() throws IOException {
    try (ZipFile jar = new ZipFile(System.getProperty("gramloom.jar"))) {
      JsonObject bom = bom(jar);
      assertFalse(bom.has("serialNumber"));
      assertFalse(bom.getAsJsonObject("metadata").has("timestamp"));
      Set<Long> times = new HashSet<>();
      jar.stream()
          .filter(entry -> entry.getName().matches("dev/gramloom/.*|META-INF/sbom/.*"))
          .forEach(entry -> times.add(entry.getTime()));
      assertEquals(1, times.size(), times::toString);
    }
  }
}
