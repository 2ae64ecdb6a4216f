// The first file of REPL is on its way.
