// The first file of Builtins is on its way.
