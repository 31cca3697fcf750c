package io.jenkins.plugins.virtainers.cli.copy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** What could not be copied while the rest was. Safe for use by several threads. */
public final class Complaints {
    private final Consumer<String> listener;
    private final AtomicInteger number = new AtomicInteger();

    /** @param listener is told each at once, as a sentence */
    public Complaints(Consumer<String> listener) {
        this.listener = listener;
    }

    void add(String sentence) {
        number.incrementAndGet();
        // Names in it are a guest's, too.
        listener.accept(GuestReader.clean(sentence));
    }

    void cannotRead(String what, String why) {
        add("Cannot read %s: %s.".formatted(what, why));
    }

    void cannotWrite(String what, String why) {
        add("Cannot write %s: %s.".formatted(what, why));
    }

    void isFolder(String what) {
        add("Cannot copy %s: it is a folder. Folders are copied with -r.".formatted(what));
    }

    /** Whether all was copied. */
    public boolean none() {
        return number.get() == 0;
    }

    /** In words, without the path that exceptions of files often have alone. */
    static String why(IOException thrown) {
        if (thrown instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (thrown instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (thrown instanceof FileAlreadyExistsException || thrown instanceof NotDirectoryException) {
            return "something that is no folder is there";
        }
        if (thrown instanceof FileSystemLoopException) {
            return "it is a link to a folder that it is in";
        }
        if (thrown instanceof FileSystemException known && known.getReason() != null) {
            return known.getReason();
        }
        return String.valueOf(thrown.getMessage());
    }
}
