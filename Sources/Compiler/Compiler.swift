// The first file of Compiler is on its way.
