package dev.gramloom.cli.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gramloom.image.Image;
import dev.gramloom.image.ImageFile;
import dev.gramloom.image.Pictures;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ContactSheetTest {
  @TempDir Path folder;

  private static JsonObject job(String output, String reason) {
    JsonObject job =
        JsonParser.parseString(
                """
                {"line":3,"exit_code":65,"seconds":1.25,"metrics":{"spectrum":1.5,"seam":{"x":40},
                "relative_gram_distance":{"mean":0.01}}}\
                """)
            .getAsJsonObject();
    job.addProperty("output", output);
    job.addProperty("reason", reason);
    return job;
  }

  /** HTML that any XML parser reads: what is not escaped would not get through. */
  private static Document page(String title, JsonObject failed, String... rows) throws Exception {
    StringBuilder page = new StringBuilder();
    ContactSheet.begin(page, title, title, List.of(failed));
    for (String row : rows) {
      page.append(row);
    }
    ContactSheet.end(page);
    String text = page.toString();
    assertTrue(text.startsWith("<!DOCTYPE html>\n"));
    assertFalse(text.contains("<script"), text);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(text)));
  }

  private static List<Element> all(Document page, String tag) {
    NodeList nodes = page.getElementsByTagName(tag);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "\" onload=\"x",
        "' onload='x",
        "a & b &amp; c",
        "]]> --> <!--",
        "\u77f3\ud83e\udea8 \u202e",
        "a\u0000\u001b[31m\ud800\uffff"
      })
  void namesAreTextAndNothingElse(String name) throws Exception {
    JsonObject job = job(name, name);
    Document page = page(name, job, ContactSheet.row(job, null));
    String shown = name.replaceAll("[\u0000\u001b\ud800\uffff]", "\ufffd");
    assertEquals(shown, all(page, "h1").get(0).getTextContent());
    assertEquals("line 3, exit code 65: " + shown, all(page, "li").get(0).getTextContent());
    assertEquals(shown, all(page, "td").get(1).getTextContent());
    assertEquals(0, all(page, "script").size());
  }

  @Test
  void aRowHoldsItsThreePicturesAndTheMeasurements() throws Exception {
    Image wide = Pictures.waves(300, 600, 5);
    Image tile = Pictures.waves(200, 100, 3);
    JsonObject job = job("walls/a b#1?.png", "");
    Document page = page("t", job, ContactSheet.row(job, new Made(wide, tile, false)));
    assertEquals("./walls/a%20b%231%3F.png", all(page, "a").get(0).getAttribute("href"));
    List<int[]> sizes = List.of(new int[] {144, 72}, new int[] {72, 144}, new int[] {96, 192});
    List<Element> pictures = all(page, "img");
    assertEquals(sizes.size(), pictures.size());
    for (int i = 0; i < sizes.size(); i++) {
      Image image = decoded(pictures.get(i));
      assertEquals(sizes.get(i)[0], image.width());
      assertEquals(sizes.get(i)[1], image.height());
      assertEquals("" + image.width(), pictures.get(i).getAttribute("width"));
      assertEquals("" + image.height(), pictures.get(i).getAttribute("height"));
    }
    String text = page.getDocumentElement().getTextContent();
    for (String measured : List.of("0.01000", "40 %", "1.50 dB", "1.3 s")) {
      assertTrue(text.contains(measured), text);
    }
  }

  private Image decoded(Element picture) throws IOException {
    String source = picture.getAttribute("src");
    String kind = "data:image/jpeg;base64,";
    assertTrue(source.startsWith(kind), source);
    Path file = folder.resolve("x.jpg");
    Files.write(file, Base64.getDecoder().decode(source.substring(kind.length())));
    return ImageFile.read(file);
  }
}
