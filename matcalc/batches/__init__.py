"""Problems as lines of JSON, on one process, several, or a cluster."""
