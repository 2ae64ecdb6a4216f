// The first file of Engine is on its way.
