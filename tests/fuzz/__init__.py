"""Generated requests, more than anybody would write, against what each service documents."""
