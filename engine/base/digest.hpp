// SHA-256, for documents, plans, the journal's chain and signed messages. Its source alone includes OpenSSL's digests.
#pragma once

#include <string>
#include <string_view>

namespace fairway {

std::string sha256(std::string_view bytes);                             // 64 hexadecimal digits, lower case
std::string hmac_sha256(std::string_view key, std::string_view bytes);  // RFC 2104; the same form

}  // namespace fairway
