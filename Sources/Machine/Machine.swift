// The first file of Machine is on its way.
