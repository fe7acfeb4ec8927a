// See digest.hpp.
#include "engine/base/digest.hpp"

#include <array>
#include <openssl/evp.h>
#include <stdexcept>

namespace fairway {

std::string sha256(std::string_view bytes) {
    std::array<unsigned char, 32> raw{};
    unsigned int size = 0;
    // Fetched once: OpenSSL 3 looks an algorithm up anew for each use of EVP_sha256().
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (EVP_Digest(bytes.data(), bytes.size(), raw.data(), &size, algorithm, nullptr) != 1 || size != raw.size())
        throw std::runtime_error("OpenSSL has no SHA-256");
    std::string out;
    out.reserve(64);
    for (unsigned char byte : raw) {
        out += "0123456789abcdef"[byte >> 4];
        out += "0123456789abcdef"[byte & 15];
    }
    return out;
}

}  // namespace fairway
