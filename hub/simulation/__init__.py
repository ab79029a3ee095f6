"""A year of visit requests, played through with and without the hub. All of it rests on stated assumptions."""
