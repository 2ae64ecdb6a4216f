import Glibc

exit(Tool(arguments: Array(CommandLine.arguments.dropFirst())).run())
