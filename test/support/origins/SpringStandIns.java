// The parts of Spring Security 6.5, Nimbus and the servlet API that the verifier uses, by their documented signatures.
import java.time.Duration;
import java.util.Enumeration;
import java.util.Map;
import java.util.function.Predicate;

@interface Configuration {}
@interface Bean {}
interface SecurityFilterChain {}
interface Authentication {}
interface AuthenticationManager { Authentication authenticate(Authentication asked); }
interface AuthenticationManagerResolver<C> { AuthenticationManager resolve(C context); }
interface BearerTokenResolver { String resolve(HttpServletRequest request); }
interface Customizer<T> { void customize(T settings); }
interface HttpServletRequest {
  String getHeader(String name);
  Enumeration<String> getHeaders(String name);
  String getMethod();
  String getQueryString();
  String getRequestURI();
}
abstract class HttpSecurity {
  abstract HttpSecurity authorizeHttpRequests(Customizer<Registry> settings) throws Exception;
  abstract HttpSecurity oauth2ResourceServer(Customizer<ResourceServer> settings) throws Exception;
  abstract SecurityFilterChain build() throws Exception;
  interface Registry { Authorized anyRequest(); }
  interface Authorized { Registry authenticated(); }
  interface ResourceServer {
    ResourceServer bearerTokenResolver(BearerTokenResolver resolver);
    ResourceServer authenticationManagerResolver(AuthenticationManagerResolver<HttpServletRequest> resolver);
  }
}
enum SignatureAlgorithm { ES256 }
interface JwtDecoder {}
interface OAuth2TokenValidator<T> {}
interface Jwt { Map<String, Object> getClaimAsMap(String claim); }
class NimbusJwtDecoder implements JwtDecoder {
  static Builder withJwkSetUri(String uri) { return null; }
  void setJwtValidator(OAuth2TokenValidator<Jwt> validator) {}
  interface Builder {
    Builder jwsAlgorithm(SignatureAlgorithm algorithm);
    Builder validateType(boolean validates);
    NimbusJwtDecoder build();
  }
}
class DelegatingOAuth2TokenValidator<T> implements OAuth2TokenValidator<T> {
  @SafeVarargs DelegatingOAuth2TokenValidator(OAuth2TokenValidator<T>... validators) {}
}
class JwtTypeValidator implements OAuth2TokenValidator<Jwt> { JwtTypeValidator(String... types) {} }
class JwtTimestampValidator implements OAuth2TokenValidator<Jwt> { JwtTimestampValidator(Duration skew) {} }
class JwtIssuerValidator implements OAuth2TokenValidator<Jwt> { JwtIssuerValidator(String issuer) {} }
class JwtAudienceValidator implements OAuth2TokenValidator<Jwt> { JwtAudienceValidator(String audience) {} }
class JwtClaimValidator<T> implements OAuth2TokenValidator<Jwt> { JwtClaimValidator(String claim, Predicate<T> test) {} }
class JwtAuthenticationToken implements Authentication { Jwt getToken() { return null; } }
class JwtAuthenticationProvider {
  JwtAuthenticationProvider(JwtDecoder decoder) {}
  Authentication authenticate(Authentication asked) { return null; }
}
class InvalidBearerTokenException extends RuntimeException { InvalidBearerTokenException(String text) {} }
class Base64URL { static Base64URL encode(byte[] bytes) { return null; } }
