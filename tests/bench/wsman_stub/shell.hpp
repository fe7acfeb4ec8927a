// What does a remote shell answer (MS-WSMV 3.1.4.1.31 and on), as far as pywinrm and Ansible's `raw` go? Every command
// is over at once and says the same: what PowerShell would take on a host is not part of any figure.
#pragma once

#include <string_view>

#include "tests/bench/wsman_stub/answers.hpp"

namespace fairway::stub {

bool is_shell(std::string_view soap);
Answer shell(std::string_view soap);  // throws lab::Fault

}  // namespace fairway::stub
