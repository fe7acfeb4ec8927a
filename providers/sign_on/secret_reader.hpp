// One source of a secret, read once: the part of secret.hpp that touches the system. Remembers nothing.
#pragma once

#include <chrono>

#include "providers/sign_on/secret.hpp"

namespace fairway {

Result<SharedSecret> read_secret_source(const SecretSource& source, std::chrono::milliseconds patience);

}  // namespace fairway
