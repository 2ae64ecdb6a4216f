/// Names that other languages have and this one has not: what to write instead, for a name that nothing bears.
/// A name of the script's own is never looked up here.
public enum ForeignName {
  public static func advice(_ name: String) -> String? { advice[name] }

  private static let advice: [String: String] = {
    var table: [String: String] = [:]
    for (names, advice) in rows {
      for name in names.split(separator: " ") { table[String(name)] = advice }
    }
    return table
  }()

  private static let rows: [(String, String)] = [
    // Values.
    ("nil None NULL Null undefined NaN", "the value that is not there is `null`"),
    ("True TRUE", "write `true`"), ("False FALSE", "write `false`"),
    ("this self", "in a block, `it` is its item"), ("_ _1 $0 $1", "in a block, `it` is its item"),
    ("Infinity inf nan", "every number is finite here: what would leave the range is an error"),
    // Output.
    ("console printf println puts echo log write display", "write `print(x)`; `warn` writes to stderr"),
    ("sprintf fmt", "a text holds values: `\"\\(x)\"`; `format(x, \"0.00\")` shapes a number"),
    // Errors.
    ("throw error fail panic abort die Error Exception", "write `raise(\"…\")`"),
    ("exit quit", "a script ends at its end; `raise(\"…\")` ends it with an error"),
    ("assert assertEqual assert_eq", "write `ensure(condition, \"…\")`, in a test `expect(a == b)`"),
    // Lists.
    ("length size count_items", "`count` counts items, `len` the characters of a text"),
    ("push append add_item concat extend", "write `xs += [v]`; `+` joins two lists"),
    ("forEach foreach for_each", "write `each { … }`, or a `for` loop"),
    ("select collect_map transform", "`map { … }` makes something of each item, `filter { … }` picks some"),
    ("where reject grep", "write `filter { … }`"), ("sort sorted order_by sortBy", "write `sort_by { … }`"),
    ("fold inject accumulate foldl aggregate", "write `reduce(0) { total, x -> total + x }`"),
    ("distinct uniq dedupe", "write `unique`, or `unique { .id }`"),
    ("average avg", "write `mean`"), ("median", "write `percentile(50)`"),
    ("head", "write `first`, or `take(n)`"), ("tail rest", "write `drop(1)`, or `last`"),
    ("limit slice", "write `take(n)`, or a slice: `xs[0..4]`"), ("skip_items offset", "write `drop(n)`"),
    ("includes include has", "`x in xs` asks for an item, `text contains part` for a part of a text"),
    ("range seq", "a range is `1..10`, both ends included"), ("flatten flatMap", "write `flat_map { it }`"),
    ("groupBy groupby", "write `group_by { … }`"), ("partition", "`group_by { … }` parts a list by a value"),
    ("some exists", "write `any { … }`"), ("every", "write `all { … }`"),
    ("reversed", "write `reverse`"),
    ("list array tuple", "a list is written `[1, 2]`; `collect` makes one of a sequence"),
    ("dict map_of object hash", "a record is written `{name: \"Ann\"}`"),
    ("set", "`to_set` makes one of a list, for `in`; `unique` leaves repetitions out"),
    // Texts and numbers.
    ("str toString to_s to_string text_of", "write `string(x)`, or `\"\\(x)\"`"),
    ("parseInt to_i to_int Integer", "write `int(x)`"),
    ("parseFloat to_f to_float number Number double", "write `float(x)`"),
    ("bool boolean to_bool", "`yes(x)` reads true or false from a text"),
    ("substr substring", "a part of a text is a slice: `t[0..2]`"),
    ("toLowerCase lowercase downcase tolower", "write `lower`"),
    ("toUpperCase uppercase upcase toupper", "write `upper`"),
    ("strip", "write `trim`"), ("gsub sub_all replaceAll replace_all", "write `replace(t, old, new)`"),
    ("startsWith startswith beginsWith", "write `t starts_with \"…\"`"),
    ("endsWith endswith", "write `t ends_with \"…\"`"),
    ("regex match test_match re", "write `t matches '…'`; `find_all(t, '…')` gives what matches"),
    ("Math math", "`floor`, `ceil`, `round` and `abs` stand alone"),
    ("pow", "a square is `x * x`, its root `sqrt(x)`"),
    // Times and the rest.
    (
      "today date Date datetime timestamp DateTime",
      "`now()` is the start of the run, `start_of(now(), \"day\")` today; a literal is `@2026-01-31`"
    ),
    ("days hours minutes weeks", "a duration is `90d`, `2h`, `30m`, `1w`"),
    ("strftime date_format", "write `format(t, \"YYYY-MM-DD\")`"),
    ("sleep wait delay", "nothing is to be waited for: the client keeps to the rate limit"),
    ("import require include load source", "write `use \"helpers.parl\"`, at the top"),
    (
      "open read readFile read_file",
      "a file is a parameter: `param people: file(email)`, read by `rows` or `text`"
    ),
    ("fetch http curl request axios requests", "`api.get(path)` and the operations of `help` reach the API"),
    ("JSON json_parse parse", "every JSON text is an expression as it stands; `json(x)` prints one"),
    ("env ENV getenv process os sys", "a script has no environment: `param name: string` takes a value"),
    ("input prompt gets readline", "`param name: string` takes a value"),
    ("null_coalesce default coalesce ifnull nvl", "write `x ?? 0`"),
    (
      "typeof type_of instanceof isinstance",
      "a value's kind is known by what it is asked for: `== null`, `in`, `.field`"
    ),
  ]
}
