package dev.gramloom.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramloom.tensor.Edges;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
  @Test
  void laysFivePicturesOutInThreeColumnsAndTwoRows() {
    var sheet = new ContactSheet();
    for (int i = 0; i < 5; i++) {
      sheet.add(Pictures.plain(40, 50, i / 8f, 0, 0), Edges.WRAP, "");
    }

    Image picture = sheet.picture();

    assertEquals(3 * 58 + 8, picture.width());
    assertEquals(2 * (40 + 23) + 8, picture.height());
    for (int i = 0; i < 5; i++) {
      int y = 8 + i / 3 * 63 + 20;
      int x = 8 + i % 3 * 58 + 25;
      assertEquals(i / 8f, picture.rgb()[y * picture.width() + x]);
    }
    assertEquals(1, picture.rgb()[(8 + 63 + 20) * picture.width() + 8 + 2 * 58 + 25]); // paper
  }

  @Test
  void reducesALargePictureAndEnlargesNone() {
    var sheet = new ContactSheet();
    sheet.add(Pictures.waves(300, 1024, 1), Edges.WRAP, "");

    assertEquals(256 + 16, sheet.picture().width());
    assertEquals(75 + 23 + 8, sheet.picture().height());
  }

  @Test
  void writesTheLabelBelowThePicture() {
    var sheet = new ContactSheet();
    sheet.add(Pictures.plain(20, 60, 1, 1, 1), Edges.WRAP, "1.7 l");

    Image picture = sheet.picture();

    String[] expected = {
      "  #         #####        ##   ",
      " ##             #         #   ",
      "  #            #          #   ",
      "  #           #           #   ",
      "  #          #            #   ",
      "  #    ##    #            #   ",
      " ###   ##    #           ###  "
    };
    for (int row = 0; row < 7; row++) {
      for (int column = 0; column < 30; column++) {
        float value = picture.rgb()[(8 + 20 + 4 + row) * picture.width() + 8 + column];
        float wanted = expected[row].charAt(column) == '#' ? 0 : 1;
        assertEquals(wanted, value, "row " + row + ", column " + column);
      }
    }
  }

  @Test
  void cutsALabelThatIsTooLong() {
    var sheet = new ContactSheet();
    sheet.add(Pictures.plain(20, 32, 1, 1, 1), Edges.WRAP, "8".repeat(100));
    sheet.add(Pictures.plain(20, 32, 1, 1, 1), Edges.WRAP, "");

    Image picture = sheet.picture();

    int ink = 0;
    for (int i = 0; i < picture.pixels(); i++) {
      ink += picture.rgb()[i] == 0 ? 1 : 0;
      assertTrue(picture.rgb()[i] == 1 || i % picture.width() < 8 + 30);
    }
    assertEquals(5 * 17, ink); // an 8 has 17 dots
  }

  @Test
  void aSheetOfNothingIsAMistake() {
    assertThrows(IllegalStateException.class, () -> new ContactSheet().picture());
  }
}
