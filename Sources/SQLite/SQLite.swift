// The first file of SQLite is on its way.
