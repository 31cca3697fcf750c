package io.jenkins.plugins.virtainers.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** What {@code openapi.json} says, answered. */
final class Api extends Handler.Abstract {
    private static final Logger LOGGER = Logger.getLogger(Api.class.getName());

    private static final int LARGEST_BODY = 1 << 20;
    private static final int LONGEST_WAIT_SECONDS = 3600;
    /** Calls at once that take as long as a client likes; the others find a thread still. */
    static final int LASTING = 48;

    /** A listener that says nothing is gone when a word to it fails. */
    private static final long SILENCE_SECONDS = 10;

    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new Jdk8Module())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // A list or a map has no gaps.
            .setDefaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL));

    private final Machines machines;
    private final Optional<byte[]> token;
    private final Semaphore lasting = new Semaphore(LASTING);
    private final List<Route> routes = List.of(
            new Route("GET", "/openapi.json", false, call -> new Answer(200, document())),
            new Route(
                    "GET",
                    "/v1/machines",
                    true,
                    call -> new Answer(200, machines().list())),
            new Route(
                    "POST",
                    "/v1/machines",
                    true,
                    call -> new Answer(202, machines().create(call.body(MachineRequest.class)))),
            new Route(
                    "GET",
                    "/v1/machines/{name}",
                    true,
                    call -> new Answer(200, machines().inspect(call.name()))),
            new Route("DELETE", "/v1/machines/{name}", true, call -> {
                machines().remove(call.name());
                return new Answer(204, null);
            }),
            new Route(
                    "POST",
                    "/v1/machines/{name}/wait",
                    true,
                    lasting(call ->
                            new Answer(200, machines().await(call.name(), call.seconds("timeoutSeconds", 600))))),
            new Route(
                    "POST",
                    "/v1/machines/{name}/exec",
                    true,
                    lasting(call -> new Answer(200, call.body(Exec.class).in(machines(), call.name())))),
            new Route(
                    "POST",
                    "/v1/machines/{name}/stop",
                    true,
                    call -> new Answer(200, machines().stop(call.name(), call.seconds("graceSeconds")))),
            new Route(
                    "POST",
                    "/v1/machines/{name}/start",
                    true,
                    lasting(call ->
                            new Answer(200, machines().start(call.name(), call.seconds("timeoutSeconds", 600))))),
            new Route("GET", "/v1/events", true, lasting(this::stream)));

    private Action lasting(Action action) {
        return call -> {
            if (!lasting.tryAcquire()) {
                throw new Refused(
                        503,
                        "busy",
                        "%d clients wait, listen or run commands already. Try again later.".formatted(LASTING));
            }
            try {
                return action.on(call);
            } finally {
                lasting.release();
            }
        };
    }

    /** @param token that a client must show; empty where the socket itself keeps others out */
    Api(Machines machines, Optional<String> token) {
        this.machines = machines;
        this.token = token.map(text -> text.getBytes(UTF_8));
    }

    private Machines machines() {
        return machines;
    }

    /** All that is answered, each as a method and a path of the document. */
    List<String> routes() {
        return routes.stream().map(route -> route.method + " " + route.path).toList();
    }

    /** The document, as it is in the jar. */
    static Object document() throws IOException {
        try (InputStream document = Api.class.getResourceAsStream("openapi.json")) {
            return JSON.readTree(document);
        }
    }

    /** @param body of JSON; null for none */
    private record Answer(int status, Object body) {}

    private interface Action {
        Answer on(Call call) throws IOException, InterruptedException, Refused;
    }

    private record Route(String method, String path, boolean secret, Pattern pattern, Action action) {
        Route(String method, String path, boolean secret, Action action) {
            this(method, path, secret, Pattern.compile(path.replace("{name}", "(?<name>[^/]+)")), action);
        }
    }

    /** Not for the engine to answer. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final String kind;

        Refused(int status, String kind, String sentence) {
            super(sentence);
            this.status = status;
            this.kind = kind;
        }
    }

    private record Call(Request request, Response response, Matcher path) {
        VmName name() {
            return new VmName(path.group("name"));
        }

        Duration seconds(String parameter, int usual) throws Refused {
            return seconds(parameter).orElse(Duration.ofSeconds(usual));
        }

        Optional<Duration> seconds(String parameter) throws Refused {
            Fields query = Request.extractQueryParameters(request);
            String written = query.getValue(parameter);
            if (written == null) {
                return Optional.empty();
            }
            if (!written.matches("[0-9]{1,4}") || Integer.parseInt(written) > LONGEST_WAIT_SECONDS) {
                throw new Refused(
                        400,
                        "usage",
                        "\"%s\" must be from 0 to %d, was \"%s\".".formatted(parameter, LONGEST_WAIT_SECONDS, written));
            }
            return Optional.of(Duration.ofSeconds(Integer.parseInt(written)));
        }

        <T> T body(Class<T> type) throws IOException, Refused {
            String written = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
            if (written == null || !written.strip().toLowerCase(Locale.ROOT).startsWith("application/json")) {
                throw new Refused(415, "media-type", "Send the request's body as application/json.");
            }
            byte[] bytes;
            try (InputStream body = Content.Source.asInputStream(request)) {
                bytes = body.readNBytes(LARGEST_BODY + 1);
            }
            if (bytes.length > LARGEST_BODY) {
                throw new Refused(413, "too-large", "A request may have %d bytes.".formatted(LARGEST_BODY));
            }
            return read(bytes, type);
        }
    }

    /** @throws InvalidSpecException what is wrong with the request's body */
    static <T> T read(byte[] body, Class<T> type) {
        try {
            T value = JSON.readValue(body, type);
            if (value == null) {
                throw new InvalidSpecException("The request's body must be an object of JSON.");
            }
            return value;
        } catch (IOException e) {
            // What is no text in UTF-16 or UTF-32, which Jackson takes it for, is no fault of its grammar.
            String why = e instanceof JsonProcessingException fault ? fault.getOriginalMessage() : e.getMessage();
            throw new InvalidSpecException(
                    "The request's body is not as the document says: " + why.replaceAll("\\s+", " "));
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            write(response, answer(request, response));
            callback.succeeded();
        } catch (IOException e) {
            callback.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
        }
        return true;
    }

    private Answer answer(Request request, Response response) throws IOException, InterruptedException {
        try {
            return find(request, response);
        } catch (Refused e) {
            return new Answer(e.status, new Problem(e.getMessage(), e.kind));
        } catch (VirtainerException e) {
            return new Answer(Problem.status(e.failure()), Problem.of(e));
        } catch (RuntimeException e) {
            LOGGER.log(
                    Level.WARNING,
                    "Answering " + request.getMethod() + " "
                            + request.getHttpURI().getPath(),
                    e);
            return new Answer(500, new Problem("This server failed: " + e, "internal"));
        }
    }

    private Answer find(Request request, Response response) throws IOException, InterruptedException, Refused {
        String path = request.getHttpURI().getCanonicalPath();
        boolean known = false;
        for (Route route : routes) {
            Matcher matcher = route.pattern.matcher(path == null ? "" : path);
            if (!matcher.matches()) {
                continue;
            }
            known = true;
            if (route.method.equals(request.getMethod())) {
                if (route.secret) {
                    requireToken(request);
                }
                return route.action.on(new Call(request, response, matcher));
            }
        }
        throw known
                ? new Refused(405, "method", "There is no %s of %s.".formatted(request.getMethod(), path))
                : new Refused(404, "no-such-path", "There is nothing at this path. See: /openapi.json");
    }

    /**
     * A page in a browser on this machine has no token, and names us by another host when it has our address by a trick
     * with names.
     */
    private void requireToken(Request request) throws Refused {
        if (token.isEmpty()) {
            return;
        }
        String host = Request.getServerName(request).replaceAll("[\\[\\]]", "");
        if (!ListenAddress.Loopback.HOSTS.contains(host)) {
            throw new Refused(403, "host", "This server is for this machine alone: ask it by 127.0.0.1 or localhost.");
        }
        String shown = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        byte[] expected = token.get();
        byte[] given = (shown == null ? "" : shown.replaceFirst("^[Bb]earer +", "")).getBytes(UTF_8);
        if (!MessageDigest.isEqual(expected, given)) {
            throw new Refused(401, "token", "Show the token of this server: Authorization: Bearer TOKEN.");
        }
    }

    /** What the server itself refuses, as everything else is refused. */
    static boolean refuse(Request request, Response response, Callback callback) {
        int status = response.getStatus() >= 400 ? response.getStatus() : 500;
        Object said = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
        String reason = said == null ? HttpStatus.getMessage(status) : said.toString();
        try {
            write(
                    response,
                    new Answer(status, new Problem("This server does not take the request: " + reason, "http")));
            callback.succeeded();
        } catch (IOException e) {
            callback.failed(e);
        }
        return true;
    }

    private static void write(Response response, Answer answer) throws IOException {
        response.setStatus(answer.status);
        if (answer.status == 401) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        }
        if (answer.body == null) {
            return;
        }
        byte[] bytes = JSON.writeValueAsBytes(answer.body);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        try (OutputStream body = Content.Sink.asOutputStream(response)) {
            body.write(bytes);
        }
    }

    /** Server-sent events (WHATWG HTML, section 9.2), until the client goes, which is an exception. */
    private Answer stream(Call call) throws IOException, InterruptedException, Refused {
        OptionalLong after = lastEvent(call.request());
        Response response = call.response();
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        try (Events.Listener listener = machines.events().listen(after);
                OutputStream body = Content.Sink.asOutputStream(response)) {
            say(body, ": listening\n\n");
            while (true) {
                Events.Event event = listener.heard().poll(SILENCE_SECONDS, TimeUnit.SECONDS);
                say(
                        body,
                        event == null
                                ? ": \n\n"
                                : "id: %d\nevent: %s\ndata: %s\n\n"
                                        .formatted(event.id(), event.type(), JSON.writeValueAsString(event)));
            }
        }
    }

    /** What a client that was cut off says that it heard last. */
    private static OptionalLong lastEvent(Request request) throws Refused {
        String written = request.getHeaders().get("Last-Event-ID");
        if (written == null) {
            return OptionalLong.empty();
        }
        if (!written.matches("[0-9]{1,18}")) {
            throw new Refused(
                    400, "usage", "\"Last-Event-ID\" must be the number of an event, was \"%s\".".formatted(written));
        }
        return OptionalLong.of(Long.parseLong(written));
    }

    private static void say(OutputStream body, String text) throws IOException {
        body.write(text.getBytes(UTF_8));
        body.flush();
    }
}
