"""Files that ship with the program, installed as `sts_desktop.resources`: icons, translations, descriptions of AWS."""
