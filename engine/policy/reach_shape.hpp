// What an inventory may say of reaching a machine and of signing on there, as tables for shape.hpp.
#pragma once

#include <array>
#include <string_view>

#include "engine/policy/shape.hpp"

namespace fairway {

const Shape& reach_shape();                  // of hosts
const Shape& host_credentials_shape();       // every form
const Shape& directory_credentials_shape();  // without certificates
const Shape& fleet_limits_shape();

// Whoever writes the secret itself gets no "did you mean": the words why not.
inline constexpr std::array<std::string_view, 7> secret_keys = {"password",   "secret", "passwd", "pass",
                                                                "passphrase", "pwd",    "token"};
inline constexpr std::string_view secret_words =
    "looks like a secret, and secrets are never in documents: put it in a file that only you may read, and name "
    "that file with `password_file` under `credentials`";

}  // namespace fairway
