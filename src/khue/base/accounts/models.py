"""Accounts: one person, one account; memberships give roles at a unit between two dates (Tài khoản)."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from khue.base.core.history import tracked


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


@tracked(hide=["last_login", "password"])
class User(AbstractBaseUser):
    """A person's account (Tài khoản). Accounts may share a phone: at sign-in the password decides (``backends.py``)."""

    username = models.CharField("Tên đăng nhập", max_length=60)
    full_name = models.CharField("Họ tên", max_length=100)
    email = models.EmailField("Email", blank=True, default="")
    phone = models.CharField("Điện thoại", max_length=20, blank=True, default="", db_index=True)
    title = models.CharField("Cách xưng hô", max_length=10, blank=True, default="")
    is_active = models.BooleanField("Đang dùng", default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="username_once"),
            models.UniqueConstraint(Lower("email"), name="email_once", condition=~models.Q(email="")),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)


@tracked()
class Membership(models.Model):
    """A role of a person at a unit, from–until (Vai trò tại đơn vị). Rights end with it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="memberships")
    role = models.CharField("Vai trò", max_length=20)
    valid_from = models.DateField("Từ ngày")
    valid_until = models.DateField("Đến hết ngày", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "unit", "role", "valid_from"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                name="membership_order",
            ),
        ]
