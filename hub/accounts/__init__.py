"""Customers as people look at them: the list, and all that is known of one."""
