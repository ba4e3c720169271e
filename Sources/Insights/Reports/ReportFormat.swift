import JSON

/// How an update is written.
package enum ReportFormat: String, Sendable, Hashable, CaseIterable {
  case markdown, html, csv, json

  /// Without the dot.
  package var fileExtension: String {
    switch self {
    case .markdown: "md"
    case .html: "html"
    case .csv: "csv"
    case .json: "json"
    }
  }

  /// For a web page that hands the file out.
  package var mediaType: String {
    switch self {
    case .markdown: "text/markdown; charset=utf-8"
    case .html: "text/html; charset=utf-8"
    case .csv: "text/csv; charset=utf-8"
    case .json: "application/json"
    }
  }
}

extension WeeklyUpdate {
  /// The whole update as one text. The same update gives the same bytes.
  package func rendered(as format: ReportFormat) -> String {
    switch format {
    case .markdown: MarkdownReport(update: self).text
    case .html: HTMLReport(update: self).text
    case .csv: CSVReport(update: self).text
    case .json: JSONReport(update: self).value.serialized(pretty: true) + "\n"
    }
  }
}
