// The first file of Runs is on its way.
