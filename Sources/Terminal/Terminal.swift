// The first file of Terminal is on its way.
