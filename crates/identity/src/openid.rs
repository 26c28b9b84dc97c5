//! Sign-in with OpenID Connect: the authorization code flow with PKCE.

use std::sync::Arc;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod,
    CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessToken, AuthType, AuthorizationCode, ClaimsVerificationError, Client, ClientId,
    ClientSecret, CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IdTokenFields, IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    PkceCodeVerifier, PostLogoutRedirectUrl, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, StandardErrorResponse, StandardTokenResponse, SubjectIdentifier,
    TokenResponse as _, UserInfoClaims, UserInfoError,
};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::claims::{Further, Told, is_complete, person};
use crate::provider::{Metadata, Provider};
use crate::settings::{AtProvider, OpenIdSettings};
use crate::web::Web;
use crate::{Failure, Person, TokenFault};

/// A provider that people sign in at.
#[derive(Debug)]
pub struct OpenId {
    settings: OpenIdSettings,
    issuer: IssuerUrl,
    web: Web,
    provider: Provider,
}

type Tokens = StandardTokenResponse<
    IdTokenFields<
        Further,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

type ProviderClient = Client<
    Further,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The signatures that are taken: those whose keys only the provider has. With a shared secret (HS256), everybody who
/// knows the secret of the client could sign.
const SIGNATURES: [CoreJwsSigningAlgorithm; 10] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EcdsaP521Sha512,
    CoreJwsSigningAlgorithm::EdDsa,
];

impl OpenId {
    /// A provider. Nothing is asked yet.
    ///
    /// # Errors
    ///
    /// A sentence, if the issuer is no address, or there are no certificate authorities.
    pub fn new(settings: OpenIdSettings) -> Result<OpenId, String> {
        let issuer = IssuerUrl::new(settings.issuer.clone());
        let issuer = issuer.map_err(|_| "OIDC_ISSUER is no address".to_owned())?;
        let web = Web::new(&settings.authorities, issuer.url().scheme() == "http")?;
        let provider = Provider::new(issuer.clone(), web.clone());
        Ok(OpenId { settings, issuer, web, provider })
    }

    /// The provider's name of itself.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Why the provider could not be asked the last time, if that is not over.
    pub fn failure(&self) -> Option<Failure> {
        self.provider.failure()
    }

    /// Asks the provider what it is.
    ///
    /// # Errors
    ///
    /// If it does not say.
    pub async fn check(&self) -> Result<(), Failure> {
        let metadata = self.provider.metadata().await?;
        match self.provider.failure() {
            Some(failure) => Err(failure),
            None if metadata.token_endpoint().is_none() => {
                Err(Failure::Malformed("the provider's discovery"))
            }
            None => Ok(()),
        }
    }

    /// Asks the provider what it is, beside what goes on, unless that is known or being asked: so that
    /// [`OpenId::failure`] tells the truth.
    pub fn look(self: &Arc<OpenId>) {
        if self.provider.is_unknown() {
            let this = Arc::clone(self);
            tokio::spawn(async move { this.check().await });
        }
    }

    fn client(&self, metadata: &Metadata) -> ProviderClient {
        let secret = self.settings.client_secret.expose_secret().to_owned();
        let client = ProviderClient::from_provider_metadata(
            metadata.clone(),
            ClientId::new(self.settings.client_id.clone()),
            Some(ClientSecret::new(secret)),
        );
        // RFC 8414: where nothing is said, it is the header.
        let methods = metadata.token_endpoint_auth_methods_supported();
        let takes = |method| methods.is_none_or(|all| all.contains(&method));
        let in_body = !takes(CoreClientAuthMethod::ClientSecretBasic)
            && takes(CoreClientAuthMethod::ClientSecretPost);
        client
            .set_redirect_uri(RedirectUrl::from_url(self.settings.redirect.clone()))
            .set_auth_type(if in_body { AuthType::RequestBody } else { AuthType::BasicAuth })
    }

    /// Begins a sign-in: where the browser is to go, and what it needs again.
    ///
    /// # Errors
    ///
    /// If the provider does not say where.
    pub async fn begin(&self) -> Result<(Url, AtProvider), Failure> {
        let client = self.client(&*self.provider.metadata().await?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        );
        for scope in &self.settings.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        let (url, state, nonce) = request.set_pkce_challenge(challenge).url();
        if url.scheme() != "https" && self.issuer.url().scheme() == "https" {
            return Err(Failure::NotEncrypted);
        }
        let at_provider = AtProvider {
            state: state.into_secret().into(),
            nonce: nonce.secret().clone().into(),
            verifier: verifier.into_secret().into(),
        };
        Ok((url, at_provider))
    }

    /// Completes a sign-in with the code that the browser brought back.
    ///
    /// # Errors
    ///
    /// If the provider cannot be asked, or proves nothing.
    pub async fn complete(
        self: &Arc<OpenId>,
        code: SecretString,
        at_provider: AtProvider,
    ) -> Result<Person, Failure> {
        let this = Arc::clone(self);
        // An answer on which a library panics is one that cannot be read.
        let task = tokio::spawn(async move { this.person(&code, &at_provider).await });
        task.await.unwrap_or(Err(Failure::Internal))
    }

    async fn person(
        &self,
        code: &SecretString,
        at_provider: &AtProvider,
    ) -> Result<Person, Failure> {
        let mut client = self.client(&*self.provider.metadata().await?);
        let tokens = client
            .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
            .map_err(|_| Failure::Malformed("the provider's discovery"))?
            .set_pkce_verifier(PkceCodeVerifier::new(
                at_provider.verifier.expose_secret().to_owned(),
            ))
            .request_async(&self.web)
            .await
            .map_err(of_token_request)?;
        let id_token = tokens.id_token().ok_or(Failure::Token(TokenFault::Missing))?;
        let nonce = Nonce::new(at_provider.nonce.expose_secret().to_owned());
        let checked = |client: &ProviderClient| {
            let verifier = client.id_token_verifier().set_allowed_algs(SIGNATURES);
            id_token.claims(&verifier, &nonce)
        };
        let claims = match checked(&client) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                client = self.client(&*self.provider.with_new_keys().await?);
                checked(&client)
            }
            claims => claims,
        };
        let claims = claims.map_err(|error| Failure::Token(of_claims(&error)))?;
        let group = self.settings.admin_group.as_deref();
        let group = group.map(|group| (self.settings.groups_claim.as_str(), group));
        let of_token = Told {
            name: claims.preferred_username().map(|it| it.as_str()),
            address: claims.email().map(|it| it.as_str()),
            is_address_verified: claims.email_verified() == Some(true),
            further: Some(claims.additional_claims()),
        };
        let subject = claims.subject();
        let is_all = client.user_info_url().is_none()
            || is_complete(of_token, group.map(|(claim, _)| claim));
        if is_all {
            return person(&[of_token], subject.as_str(), group);
        }
        let told = self.userinfo(&client, tokens.access_token(), subject).await?;
        let of_userinfo = Told {
            name: told.preferred_username().map(|it| it.as_str()),
            address: told.email().map(|it| it.as_str()),
            is_address_verified: told.email_verified() == Some(true),
            further: Some(told.additional_claims()),
        };
        person(&[of_token, of_userinfo], subject.as_str(), group)
    }

    /// What the provider tells beside the ID token. That it is of the same subject is checked.
    async fn userinfo(
        &self,
        client: &ProviderClient,
        token: &AccessToken,
        subject: &SubjectIdentifier,
    ) -> Result<UserInfoClaims<Further, CoreGenderClaim>, Failure> {
        let malformed = || Failure::Malformed("the provider's answer");
        // The library would panic on it.
        if token.secret().bytes().any(|byte| !byte.is_ascii_graphic()) {
            return Err(malformed());
        }
        let request = client.user_info(token.clone(), Some(subject.clone()));
        let told = request.map_err(|_| malformed())?.request_async(&self.web).await;
        told.map_err(|error| match error {
            UserInfoError::Request(failure) => failure,
            UserInfoError::Response(status, ..) if status.as_u16() != 200 => {
                Failure::Status("the provider's userinfo", status.as_u16())
            }
            UserInfoError::ClaimsVerification(error) => Failure::Token(of_claims(&error)),
            _ => Failure::Malformed("the provider's userinfo"),
        })
    }

    /// Where the browser is to go to end the session at the provider; `None` if the provider has no such place, or
    /// cannot be asked. No token goes into the address, so the provider asks the person.
    pub async fn end_session(&self) -> Option<Url> {
        let metadata = self.provider.metadata().await.ok()?;
        let end = metadata.additional_metadata().end_session_endpoint.clone()?;
        let back = PostLogoutRedirectUrl::from_url(self.settings.after_sign_out.clone());
        let request = LogoutRequest::from(end)
            .set_client_id(ClientId::new(self.settings.client_id.clone()))
            .set_post_logout_redirect_uri(back);
        let url = request.http_get_url();
        (url.scheme() == "https" || self.issuer.url().scheme() == "http").then_some(url)
    }
}

fn of_token_request(
    error: RequestTokenError<Failure, StandardErrorResponse<CoreErrorResponseType>>,
) -> Failure {
    match error {
        RequestTokenError::Request(failure) => failure,
        // Its description may repeat what was sent.
        RequestTokenError::ServerResponse(told) => match told.error() {
            CoreErrorResponseType::InvalidClient => Failure::CodeRefused("invalid_client".into()),
            CoreErrorResponseType::InvalidGrant => Failure::CodeRefused("invalid_grant".into()),
            CoreErrorResponseType::UnauthorizedClient => {
                Failure::CodeRefused("unauthorized_client".into())
            }
            _ => Failure::CodeRefused("another error".into()),
        },
        _ => Failure::Malformed("the provider's answer to the code"),
    }
}

fn of_claims(error: &ClaimsVerificationError) -> TokenFault {
    match error {
        ClaimsVerificationError::Expired(_) => TokenFault::Expired,
        ClaimsVerificationError::InvalidAudience(_) => TokenFault::Audience,
        ClaimsVerificationError::InvalidIssuer(_) => TokenFault::Issuer,
        ClaimsVerificationError::InvalidNonce(_) => TokenFault::Nonce,
        ClaimsVerificationError::InvalidSubject(_) => TokenFault::Subject,
        ClaimsVerificationError::SignatureVerification(_) => TokenFault::Signature,
        _ => TokenFault::Other,
    }
}
