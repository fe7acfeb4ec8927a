// Who runs this program, and what is his alone? The account, under sudo the person as well, and whether a file or
// folder is one that nobody else had a hand in. POSIX.
#pragma once

#include <string>
#include <sys/types.h>

#include "engine/base/error.hpp"

namespace fairway {

// "anna"; "root (sudo by anna)": SUDO_USER is believed only where the real user is root, since anybody else can set it.
std::string account();
// "anna", or the number.
std::string account_of(uid_t user);

// As git has it: the caller's own, root's, and for root by sudo what belongs to the person who called sudo.
bool callers_or_roots(uid_t owner);

// A folder in which nobody else may write. Code::storage.
Result<void> is_own_folder(const std::string& folder);

}  // namespace fairway
