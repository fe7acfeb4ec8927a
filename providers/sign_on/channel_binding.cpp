// See channel_binding.hpp.
#include "providers/sign_on/channel_binding.hpp"

#include <array>

#include "providers/sign_on/openssl.hpp"

namespace fairway {

// RFC 5929 4.1: the certificate's own signature hash, but SHA-256 in place of MD5, SHA-1 and what has none.
std::string end_point_binding(std::string_view certificate) {
    auto bytes = reinterpret_cast<const unsigned char*>(certificate.data());
    const openssl::Certificate parsed(d2i_X509(nullptr, &bytes, static_cast<long>(certificate.size())));
    if (!parsed) {
        ERR_clear_error();
        return {};
    }
    int hash = NID_undef;
    OBJ_find_sigid_algs(X509_get_signature_nid(parsed.get()), &hash, nullptr);
    const bool weak = hash == NID_undef || hash == NID_md5 || hash == NID_sha1;
    const EVP_MD* method = weak ? EVP_sha256() : EVP_get_digestbynid(hash);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (X509_digest(parsed.get(), method ? method : EVP_sha256(), digest.data(), &size) != 1) return {};
    return "tls-server-end-point:" + std::string(reinterpret_cast<const char*>(digest.data()), size);
}

}  // namespace fairway
