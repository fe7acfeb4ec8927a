// OpenSSL's TLS and certificates: their headers, and owners for what they give away. Only distrust.cpp
// and channel_binding.cpp here and providers/wmi/transport/tls.cpp include it.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>

#include "engine/base/freed_by.hpp"

namespace fairway::openssl {

using Settings = std::unique_ptr<SSL_CTX, FreedBy<SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, FreedBy<SSL_free>>;
using Memory = std::unique_ptr<BIO, FreedBy<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, FreedBy<X509_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, FreedBy<GENERAL_NAMES_free>>;
// Not OPENSSL_free, which puts the folder of this file into the program: the same sources must give the same bytes.
using Bytes = std::unique_ptr<unsigned char, decltype([](unsigned char* bytes) { CRYPTO_free(bytes, "", 0); })>;

}  // namespace fairway::openssl
