// SHA-256, for documents, plans and the journal's chain. Its source alone includes OpenSSL's digests.
#pragma once

#include <string>
#include <string_view>

namespace fairway {

std::string sha256(std::string_view bytes);  // 64 hexadecimal digits, lower case

}  // namespace fairway
