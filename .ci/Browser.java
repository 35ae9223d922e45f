// SPDX-License-Identifier: MIT

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Opens pages in a headless Chromium over the DevTools protocol and checks them on a phone and a desktop, in light and
 * dark mode: {@code java Browser.java CHROMIUM CHECKS.js [--shots DIR] PAGE.html …}. Prints a line for each finding,
 * and ends with the status 1 if there are any, 2 if the browser fails. The script CHECKS.js is an expression whose
 * value is an array of findings; this program adds what a page writes to the console as an error, and its exceptions.
 */
public final class Browser {
  private static final long SECONDS = 60;
  /** The time between the load of a page and its checks. */
  private static final int SETTLE_MILLIS = 50;
  /** Width, height and color scheme. */
  private static final List<Map.Entry<int[], String>> SCREENS = List.of(
      Map.entry(new int[] {360, 740}, "light"), Map.entry(new int[] {360, 740}, "dark"),
      Map.entry(new int[] {1280, 900}, "light"), Map.entry(new int[] {1280, 900}, "dark"));

  private final WebSocket socket;
  private final BlockingQueue<String> messages;
  private final List<String> errors = new ArrayList<>(); // of the console, since the last page began
  private int id;
  private boolean loaded;

  private Browser(WebSocket socket, BlockingQueue<String> messages) {
    this.socket = socket;
    this.messages = messages;
  }

  public static void main(String[] args) {
    try {
      System.exit(run(args) == 0 ? 0 : 1);
    } catch (Exception e) {
      System.err.println("browser: " + e);
      System.exit(2);
    }
  }

  private static int run(String[] args) throws Exception {
    List<String> pages = new ArrayList<>(List.of(args).subList(2, args.length));
    Path shots = null;
    if (pages.get(0).equals("--shots")) {
      shots = Files.createDirectories(Path.of(pages.get(1)));
      pages = pages.subList(2, pages.size());
    }
    Path profile = Files.createTempDirectory("chainrule-browser");
    Process chromium = new ProcessBuilder(args[0], "--headless=new", "--no-sandbox", "--disable-gpu",
        "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars", "--remote-debugging-port=0",
        "--user-data-dir=" + profile, "about:blank").redirectErrorStream(true)
        .redirectOutput(profile.resolve("log").toFile()).start(); // no sandbox: it needs rights that a CI may lack
    try {
      return connect(chromium, profile).checkAll(pages, Files.readString(Path.of(args[1])), shots);
    } finally {
      chromium.descendants().forEach(ProcessHandle::destroyForcibly);
      chromium.destroyForcibly().waitFor();
      delete(profile);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) Files.deleteIfExists(file);
    } catch (IOException | java.io.UncheckedIOException e) {
      // a process of the browser may still write; the directory is a temporary one
    }
  }

  /** Chromium writes its port and path to a file of the profile. */
  private static Browser connect(Process chromium, Path profile) throws Exception {
    Path port = profile.resolve("DevToolsActivePort");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    List<String> lines = List.of();
    while (lines.size() < 2) {
      if (!chromium.isAlive() || System.nanoTime() > end) {
        throw new IOException("the browser does not start: " + Files.readString(profile.resolve("log")));
      }
      Thread.sleep(50);
      if (Files.exists(port)) lines = Files.readAllLines(port);
    }
    BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    WebSocket.Listener listener = new WebSocket.Listener() {
      private final StringBuilder part = new StringBuilder();

      @Override public CompletionStage<?> onText(WebSocket w, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
          messages.add(part.toString());
          part.setLength(0);
        }
        w.request(1);
        return null;
      }
    };
    WebSocket socket = HttpClient.newHttpClient().newWebSocketBuilder()
        .buildAsync(URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1)), listener)
        .get(SECONDS, TimeUnit.SECONDS);
    return new Browser(socket, messages);
  }

  private int checkAll(List<String> pages, String checks, Path shots) throws Exception {
    String target = string(send(null, "Target.createTarget", "\"url\":\"about:blank\""), "targetId");
    String session = string(
        send(null, "Target.attachToTarget", "\"targetId\":\"" + target + "\",\"flatten\":true"), "sessionId");
    for (String domain : List.of("Page", "Runtime", "Log")) send(session, domain + ".enable", "");
    int findings = 0;
    for (String page : pages) {
      Path file = Path.of(page).toAbsolutePath();
      if (!Files.exists(file)) throw new IOException("no such page: " + page);
      for (Map.Entry<int[], String> screen : SCREENS) {
        int width = screen.getKey()[0], height = screen.getKey()[1];
        String name = width + " " + screen.getValue();
        send(session, "Emulation.setDeviceMetricsOverride", "\"width\":" + width + ",\"height\":" + height
            + ",\"deviceScaleFactor\":" + (width < 500 ? 2 : 1) + ",\"mobile\":" + (width < 500));
        send(session, "Emulation.setEmulatedMedia",
            "\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + screen.getValue() + "\"}]");
        errors.clear();
        open(session, file.toUri().toString());
        List<String> found = new ArrayList<>(strings(send(session, "Runtime.evaluate",
            "\"awaitPromise\":true,\"expression\":" + quoted("new Promise(go => setTimeout(go, " + SETTLE_MILLIS
                + ")).then(() => JSON.stringify(" + checks.strip() + "))"))));
        found.addAll(errors); // the reply comes after all messages of the page's own scripts
        for (String finding : found) System.out.println(file.getFileName() + " (" + name + "): " + finding);
        findings += found.size();
        if (shots != null) shoot(session, shots.resolve(stem(file) + "-" + name.replace(' ', '-') + ".png"));
      }
    }
    return findings;
  }

  private static String stem(Path file) {
    return file.getFileName().toString().replaceAll("\\.[^.]*$", "");
  }

  private void open(String session, String url) throws Exception {
    loaded = false;
    String reply = send(session, "Page.navigate", "\"url\":" + quoted(url));
    if (reply.contains("\"errorText\"")) throw new IOException(url + " does not open: " + reply);
    while (!loaded) receive();
  }

  private void shoot(String session, Path file) throws Exception {
    String size = string(send(session, "Runtime.evaluate", "\"expression\":\"'\\\"width\\\":' + innerWidth "
        + "+ ',\\\"height\\\":' + document.documentElement.scrollHeight\""), "value");
    String reply = send(session, "Page.captureScreenshot",
        "\"captureBeyondViewport\":true,\"clip\":{\"x\":0,\"y\":0,\"scale\":1," + size + "}");
    Files.write(file, Base64.getDecoder().decode(string(reply, "data")));
  }

  // ---------------------------------------------------------------- the protocol

  /** Sends a command and returns its reply; other messages are handled on the way. */
  private String send(String session, String method, String parameters) throws Exception {
    int mine = ++id;
    socket.sendText("{\"id\":" + mine + (session == null ? "" : ",\"sessionId\":\"" + session + "\"")
        + ",\"method\":\"" + method + "\",\"params\":{" + parameters + "}}", true).get(SECONDS, TimeUnit.SECONDS);
    while (true) {
      String message = receive();
      if (!message.startsWith("{\"id\":" + mine + ",")) continue;
      if (message.contains("\"error\":{") || message.contains("\"exceptionDetails\":{")) {
        throw new IOException(method + " failed: " + message);
      }
      return message;
    }
  }

  private String receive() throws Exception {
    String message = messages.poll(SECONDS, TimeUnit.SECONDS);
    if (message == null) throw new IOException("no answer from the browser for " + SECONDS + " s");
    if (message.startsWith("{\"method\":\"Page.loadEventFired\"")) loaded = true;
    if (message.startsWith("{\"method\":\"Runtime.exceptionThrown\"")) {
      errors.add("exception: " + string(message, "description"));
    }
    if (message.startsWith("{\"method\":\"Runtime.consoleAPICalled\"") && message.contains("\"type\":\"error\"")) {
      errors.add("console error: " + string(message, "value"));
    }
    if (message.startsWith("{\"method\":\"Log.entryAdded\"") && message.contains("\"level\":\"error\"")) {
      errors.add("console error: " + string(message, "text"));
    }
    return message;
  }

  /** Returns the first string with this key, or the whole message if there is none. */
  private static String string(String message, String key) {
    Matcher m = Pattern.compile("\"" + key + "\":\"((?:[^\"\\\\]|\\\\.)*+)\"").matcher(message);
    return m.find() ? unquoted(m.group(1)) : message;
  }

  /** Returns the elements of the JSON array of strings that an evaluation returned as text. */
  private static List<String> strings(String reply) {
    List<String> all = new ArrayList<>();
    Matcher m = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"").matcher(string(reply, "value"));
    while (m.find()) all.add(unquoted(m.group(1)));
    return all;
  }

  private static String quoted(String s) {
    StringBuilder q = new StringBuilder("\"");
    for (char c : s.toCharArray()) {
      if (c == '"' || c == '\\') q.append('\\').append(c);
      else if (c < 0x20) q.append(String.format("\\u%04x", (int) c));
      else q.append(c);
    }
    return q.append('"').toString();
  }

  private static String unquoted(String s) {
    StringBuilder u = new StringBuilder();
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c != '\\') {
        u.append(c);
        continue;
      }
      c = s.charAt(++i);
      switch (c) {
        case 'n' -> u.append('\n');
        case 't' -> u.append('\t');
        case 'u' -> {
          u.append((char) Integer.parseInt(s.substring(i + 1, i + 5), 16));
          i += 4;
        }
        default -> u.append(c);
      }
    }
    return u.toString();
  }
}
