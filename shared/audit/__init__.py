"""The append-only record of reads, changes and denials."""
