import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.backend.memory.MemoryDatabase;
import de.bwaldvogel.mongo.backend.memory.index.MemoryUniqueIndex;
import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.Document;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** MongoDB-compatible server: {@code DocumentServer <port, 0 = any> [data file]}. Prints {@code ready <port>}. */
public final class DocumentServer {
  /** The driver refuses servers below wire version 9; the library's newest own version still says 8. */
  private static final MongoVersion VERSION = new MongoVersion() {
    @Override
    public List<Integer> getVersionArray() {
      return List.of(5, 0, 0);
    }

    @Override
    public int getWireVersion() {
      return 13;
    }
  };

  public static void main(String[] args) {
    MongoBackend backend = args.length > 1 ? new H2Backend(args[1]) : new IndexedBackend();
    MongoServer server = new MongoServer(backend.version(VERSION));
    server.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])));
    // The file backend writes its last second of data on close only.
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    System.out.println("ready " + server.getLocalAddress().getPort());
  }

  /**
   * The memory backend, with the two things that MongoDB does with an index and the library does not: it uses one when
   * the query has further conditions, as every conditional update has, and it keeps those that are not unique.
   */
  private static final class IndexedBackend extends MemoryBackend {
    @Override
    public MemoryDatabase openOrCreateDatabase(String name) {
      return new IndexedDatabase(name, getCursorRegistry());
    }
  }

  private static final class IndexedDatabase extends MemoryDatabase {
    IndexedDatabase(String name, CursorRegistry cursors) {
      super(name, cursors);
    }

    @Override
    protected Index<Integer> openOrCreateUniqueIndex(
        String collection, String name, List<IndexKey> keys, boolean sparse) {
      return new NarrowingUniqueIndex(name, keys, sparse);
    }

    @Override
    protected Index<Integer> openOrCreateSecondaryIndex(
        String collection, String name, List<IndexKey> keys, boolean sparse) {
      return new FirstKeyIndex(name, keys);
    }
  }

  /** Answers with what its own keys select; the collection applies the whole query to that. */
  private static final class NarrowingUniqueIndex extends MemoryUniqueIndex {
    NarrowingUniqueIndex(String name, List<IndexKey> keys, boolean sparse) {
      super(name, keys, sparse);
    }

    @Override
    public synchronized boolean canHandle(Document query) {
      return query.keySet().containsAll(keySet()) && super.canHandle(ownPart(query));
    }

    @Override
    public synchronized Iterable<Integer> getPositions(Document query) {
      return super.getPositions(ownPart(query));
    }

    private Document ownPart(Document query) {
      Document own = new Document();
      for (String key : keys()) {
        own.put(key, query.get(key));
      }
      return own;
    }
  }

  /** Not unique: for queries that give the first key a plain value. */
  private static final class FirstKeyIndex extends Index<Integer> {
    /** value of the first key → _id → position */
    private final Map<KeyValue, Map<Object, Integer>> entries = new HashMap<>();

    FirstKeyIndex(String name, List<IndexKey> keys) {
      // "Sparse" tells the collection not to rely on every document being in here.
      super(name, keys, true);
    }

    @Override
    public synchronized boolean canHandle(Document query) {
      Object value = query.get(firstKey());
      return value != null
          && !(value instanceof Document)
          && !(value instanceof Collection)
          && !BsonRegularExpression.isRegularExpression(value);
    }

    @Override
    public synchronized Iterable<Integer> getPositions(Document query) {
      KeyValue value = new KeyValue(query.get(firstKey())).normalized();
      return entries.getOrDefault(value, Map.of()).values().stream().sorted().toList();
    }

    @Override
    public synchronized void add(Document document, Integer position, MongoCollection<Integer> collection) {
      for (KeyValue value : getKeyValues(document)) {
        entries.computeIfAbsent(firstOf(value), (absent) -> new HashMap<>()).put(document.get("_id"), position);
      }
    }

    @Override
    public synchronized Integer remove(Document document) {
      for (KeyValue value : getKeyValues(document)) {
        entries.computeIfPresent(firstOf(value), (present, byId) -> {
          byId.remove(document.get("_id"));
          return byId.isEmpty() ? null : byId;
        });
      }
      return null;
    }

    @Override
    public synchronized void updateInPlace(
        Document before, Document after, Integer position, MongoCollection<Integer> collection) {
      remove(before);
      add(after, position, collection);
    }

    @Override
    public Integer getPosition(Document document) {
      return null;
    }

    @Override
    public void checkAdd(Document document, MongoCollection<Integer> collection) {}

    @Override
    public void checkUpdate(Document before, Document after, MongoCollection<Integer> collection) {}

    @Override
    public synchronized long getCount() {
      return entries.values().stream().mapToLong(Map::size).sum();
    }

    @Override
    public long getDataSize() {
      return 0;
    }

    @Override
    public synchronized void drop() {
      entries.clear();
    }

    private String firstKey() {
      return getKeys().get(0).getKey();
    }

    private static KeyValue firstOf(KeyValue value) {
      return new KeyValue(value.get(0));
    }
  }
}
