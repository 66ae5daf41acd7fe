// Spring Security 6.5 or newer (Spring Boot 3.5), with spring-boot-starter-oauth2-resource-server.
@Configuration
class VerifyAssertion {
  @Bean
  SecurityFilterChain onlyTheGateway(HttpSecurity http) throws Exception {
    var decoder = NimbusJwtDecoder.withJwkSetUri(JWKS_URL).jwsAlgorithm(SignatureAlgorithm.ES256).validateType(false).build();
    decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
        new JwtTypeValidator("txntoken+jwt"), new JwtTimestampValidator(Duration.ofSeconds(5)),
        new JwtIssuerValidator(ISSUER), new JwtAudienceValidator(TRUST_DOMAIN),
        new JwtClaimValidator<String>("sub", Objects::nonNull), new JwtClaimValidator<Instant>("exp", Objects::nonNull),
        new JwtClaimValidator<Instant>("iat", iat -> iat != null && iat.isBefore(Instant.now().plusSeconds(5)))));
    var provider = new JwtAuthenticationProvider(decoder); // `scope` becomes authorities such as SCOPE_read:orders.
    return http.authorizeHttpRequests(calls -> calls.anyRequest().authenticated())
        .oauth2ResourceServer(server -> server
            .bearerTokenResolver(request -> request.getHeader("Txn-Token") == null ? null
                : String.join(",", Collections.list(request.getHeaders("Txn-Token")))) // Two assertions are none.
            .authenticationManagerResolver(request -> asked -> {
              var caller = (JwtAuthenticationToken) provider.authenticate(asked);
              try { if (isFor(request, caller.getToken().getClaimAsMap("rctx"))) return caller; }
              catch (NoSuchAlgorithmException error) { throw new IllegalStateException(error); }
              throw new InvalidBearerTokenException("The assertion is for another request.");
            })).build();
  }
  private static boolean isFor(HttpServletRequest request, Map<String, Object> rctx) throws NoSuchAlgorithmException {
    var query = Objects.requireNonNullElse(request.getQueryString(), "").getBytes(StandardCharsets.UTF_8);
    var hash = Base64URL.encode(MessageDigest.getInstance("SHA-256").digest(query)).toString();
    return rctx != null && request.getMethod().equals(rctx.get("method"))
        && request.getRequestURI().equals(rctx.get("path")) && hash.equals(rctx.get("query_sha256"));
  }
}
