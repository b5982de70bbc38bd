# Makes a program of the C examples in spec/rules/DAP7nn.md: an example is refused with its page's number, what to use instead is not.
BEGIN {
  print "#include \"pages.h\""
}
/^id = / {
  id = tolower(substr($3, 2, 6))
}
/^## / {
  part = $2 == "Example" ? "example" : "instead"
}
/^```c$/ {
  inside = 1
  name = id "_" part
  calls = calls "  CHECK(" name "() == " (part == "example" ? substr(id, 4) : "DAP_OK") ");\n"
  pages++
  print "static int32_t " name "(void) {\n  BEFORE\n  {"
  next
}
/^```$/ && inside {
  inside = 0
  print "  }\n  AFTER\n}"
}
inside {
  print "    " $0
}
END {
  print "int main(void) {\n" calls "  puts(\"pages: " pages " examples do what their rules say\");\n  return 0;\n}"
}
