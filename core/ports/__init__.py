"""What the hub expects of outside systems and replaceable parts, as Protocols."""
