// The first file of HTTP is on its way.
