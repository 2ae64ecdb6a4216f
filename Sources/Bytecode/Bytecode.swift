// The first file of Bytecode is on its way.
