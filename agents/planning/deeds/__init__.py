"""From a request to do something to the calls that do it: records are looked up through the tools, then acted upon."""
