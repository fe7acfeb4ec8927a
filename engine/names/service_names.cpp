// See service_names.hpp.
#include "engine/names/service_names.hpp"

namespace fairway {

std::string_view class_of(ServiceClass service) {
    return service == ServiceClass::cifs ? std::string_view("cifs") : migration_service;
}

std::vector<std::string> both_names(ServiceClass service, const Host& host) {
    const std::string prefix = std::string(class_of(service)) + "/";
    return {prefix + host.name, prefix + host.dns};
}

Set names_of(const std::vector<ServiceClass>& services, const Host& host) {
    std::vector<std::string> all;
    for (ServiceClass service : services)
        for (std::string& one : both_names(service, host)) all.push_back(std::move(one));
    return Set(all);
}

}  // namespace fairway
