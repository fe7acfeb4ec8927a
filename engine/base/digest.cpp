// See digest.hpp.
#include "engine/base/digest.hpp"

#include <array>
#include <openssl/evp.h>
#include <stdexcept>

namespace fairway {
namespace {

std::string hexadecimal(const std::array<unsigned char, 32>& raw) {
    std::string out;
    out.reserve(64);
    for (unsigned char byte : raw) {
        out += "0123456789abcdef"[byte >> 4];
        out += "0123456789abcdef"[byte & 15];
    }
    return out;
}

}  // namespace

std::string sha256(std::string_view bytes) {
    std::array<unsigned char, 32> raw{};
    unsigned int size = 0;
    // Fetched once: OpenSSL 3 looks an algorithm up anew for each use of EVP_sha256().
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (EVP_Digest(bytes.data(), bytes.size(), raw.data(), &size, algorithm, nullptr) != 1 || size != raw.size())
        throw std::runtime_error("OpenSSL has no SHA-256");
    return hexadecimal(raw);
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    std::array<unsigned char, 32> raw{};
    std::size_t size = 0;
    if (EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key.data(), key.size(),
                  reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), raw.data(), raw.size(),
                  &size) == nullptr ||
        size != raw.size())
        throw std::runtime_error("OpenSSL has no HMAC with SHA-256");
    return hexadecimal(raw);
}

}  // namespace fairway
