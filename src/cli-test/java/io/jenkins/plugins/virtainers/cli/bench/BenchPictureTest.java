package io.jenkins.plugins.virtainers.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What "bench --picture" draws. */
class BenchPictureTest {
    @TempDir
    Path directory;

    @Test
    void drawsABarForEachAndTheShortOnesOnceMore() throws Exception {
        BenchPicture picture = new BenchPicture();
        picture.add("cold", parts("container", 1000, "guest", 49000));
        picture.add("restore", parts("container", 500, "load", 100, "sshd", 400));
        Document svg = written(picture);
        assertEquals(2, texts(svg, "restore"));
        assertEquals(1, texts(svg, "cold"));
        assertEquals(2, texts(svg, "1.00 s"));
        assertEquals(1, texts(svg, "50.00 s"));
        // The background, 2 parts and twice 3, and a square in the legend for each of 4 colours.
        assertEquals(13, svg.getElementsByTagName("rect").getLength());
    }

    @Test
    void drawsABarAsLongAsItTakes() throws Exception {
        BenchPicture picture = new BenchPicture();
        picture.add("direct", parts("kernel", 3000, "sshd", 1000));
        NodeList rects = written(picture).getElementsByTagName("rect");
        double kernel = Double.parseDouble(((Element) rects.item(1)).getAttribute("width"));
        double sshd = Double.parseDouble(((Element) rects.item(2)).getAttribute("width"));
        assertEquals(3, kernel / sshd, 0.01);
    }

    private Document written(BenchPicture picture) throws Exception {
        Path file = directory.resolve("picture.svg");
        picture.write(file);
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    private static long texts(Document svg, String text) {
        NodeList all = svg.getElementsByTagName("text");
        long found = 0;
        for (int i = 0; i < all.getLength(); i++) {
            if (all.item(i).getTextContent().equals(text)) {
                found++;
            }
        }
        return found;
    }

    private static Map<String, Duration> parts(Object... namesAndMillis) {
        Map<String, Duration> parts = new LinkedHashMap<>();
        for (int i = 0; i < namesAndMillis.length; i += 2) {
            parts.put((String) namesAndMillis[i], Duration.ofMillis((Integer) namesAndMillis[i + 1]));
        }
        return parts;
    }
}
