import Catalogue
import Syntax

extension Catalogue.Parameter {
  typealias DefaultLiteral = Syntax.Literal
}
