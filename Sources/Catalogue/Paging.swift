/// How the pages of a sequence follow each other.
public struct Paging: Sendable, Hashable {
  public enum Style: String, Sendable, CaseIterable {
    /// `pagination.starting_after` in the body, from `pages.next.starting_after`.
    case cursorBody = "cursor_body"
    /// `starting_after` in the query, from `pages.next.starting_after`.
    case cursorQuery = "cursor_query"
    /// `page` in the query, counted from 1.
    case page
    /// `scroll_param` in the query; an answer without items is the end.
    case scroll
    /// `pages.next` is the address of the next page.
    case eventURL = "event_url"
    /// A list inside a record that was cut and names the address of the whole. Only of fields.
    case linked
    /// Everything comes in one answer.
    case none
  }

  /// How the last page of a `page` sequence is known.
  public enum End: String, Sendable {
    /// `pages.next` is the address of the next page, or null.
    case nextURL = "next_url"
    /// `pages.page` has reached `pages.total_pages`.
    case totalPages = "total_pages"
  }

  public enum TotalCount: String, Sendable {
    /// `total_count` is the number of records that reading to the end would give.
    case exact
    /// `total_count` is there, but counts others too.
    case loose
    case none
  }

  public var style: Style
  public var end: End
  /// Records a page when nothing is asked for; nil where it is not known.
  public var defaultPageSize: Int?
  /// The largest page that may be asked for; nil: a size must not be sent.
  public var maxPageSize: Int?
  public var totalCount: TotalCount
  /// The server refuses to page beyond this many records.
  public var cap: Int?
  /// The operation of the same resource that reads on beyond `cap`.
  public var beyond: String?
  /// Seconds after which an unused scroll ends.
  public var idleSeconds: Int?
  /// The server keeps only this many items, and tells no way to the rest.
  public var cut: Int?
}
