import Catalogue
import JSON

// Prints the shipped declarations as JSON, for scripts/check-catalogue. Where some are
// malformed it prints what is wrong instead, with exit code 1.
let catalogue = APICatalogue.standard
var isSound = true
for report in catalogue.checkAll() {
  for diagnostic in report.diagnostics {
    let (line, column) = report.source.position(of: diagnostic.range.start)
    print("\(report.source.name):\(line):\(column): \(diagnostic.message)")
    isSound = false
  }
}
if isSound {
  print(CatalogueDocument(catalogue).json.text(indentation: 1))
} else {
  CatalogueDocument.fail()
}
