"""What the company allows: who must approve a deal, and how far a price may go down. No I/O but the tables here."""
