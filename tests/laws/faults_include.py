"""Faults of policies that include files; see faults.py."""

INCLUDE = [
    ("a policy's digest forgets the files that it includes", "engine/policy/policy_document.cpp",
     'all += "\\n" + one.digest;', "", "unit: included: the digest*"),
    ("a mistake in an included file is shown in the policy", "engine/policy/included_files.cpp",
     "give_file(*root, number);", "", "unit: included: mistakes of all files*"),
    ("a file is included twice", "engine/policy/included_files.cpp",
     "        if (!fresh)\n", "        if (false)\n", "unit: included: files that are not to be had*"),
    ("what others may write gets into a policy that they may not", "engine/cli/documents.cpp",
     "policy.distrust && is_file(file) ?", "(policy.distrust || true) && is_file(file) ?", "binary: what_others_may_write"),
]
