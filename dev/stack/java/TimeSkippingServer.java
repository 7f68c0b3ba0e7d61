import io.temporal.testserver.TestServer;

/** Temporal's time-skipping test server, {@code TimeSkippingServer <port>}, that ends with the process that started it. */
public final class TimeSkippingServer {
  public static void main(String[] args) throws Exception {
    ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
    // A killed test run cannot stop its server, and the SDK does not do it either.
    parent.onExit().thenRun(() -> Runtime.getRuntime().halt(0));
    TestServer.main(args);
  }
}
