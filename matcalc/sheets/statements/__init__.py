"""The statements of a sheet: displays, sentences and plain lines, read into rows."""
