// The first file of Catalogue is on its way.
