import Machine

/// Names for the product `Parlance`, whose own types are called the same.
public typealias LanguageEngine = Engine
public typealias HeapValue = Value
